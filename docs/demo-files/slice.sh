#!/bin/sh
# Slice the demo's models with a real slicer (Debian's prusa-slicer 2.5.0): slice.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
slice() { prusa-slicer --export-gcode --loglevel 1 --load "$here/$1.ini" --center "$2" -o "$3.gcode" "$3.stl"; }
slice prusa 125,105 jeton
slice ender 110,110 cale
prusa-slicer --export-gcode --loglevel 1 --load "$here/prusa.ini" --center 125,105 --spiral-vase --perimeters 1 \
    --top-solid-layers 0 --fill-density 0% -o pot.gcode pot.stl
