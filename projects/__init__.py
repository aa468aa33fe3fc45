"""What people made and learnt: fabrications, projects, portfolios and what leaves the lab."""
