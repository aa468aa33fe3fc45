"""What leaves the lab: the portfolio as a PDF."""
