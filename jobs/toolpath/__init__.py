"""Operations to the motions of a machine, and motions to a program. Pure."""
