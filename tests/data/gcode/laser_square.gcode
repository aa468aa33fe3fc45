; Carré de 40 mm et un trou, préparé à l'atelier
G21 ; millimètres
G90
G0 X10 Y10
M4 S0
G1 X50 S600 F1200
G1 Y50
G1 X10
G1 Y10
G0 X25 Y30
G2 X25 Y30 I5 J0 S600
M5
G0 X0 Y0
M2
