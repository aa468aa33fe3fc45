// Follow the moves of one program with cncjs's gcode-toolpath, as it is read from disk.
const Toolpath = require("gcode-toolpath");

let moves = 0;
const toolpath = new Toolpath({
  addLine: () => { moves += 1; },
  addArcCurve: () => { moves += 1; },
});
toolpath.loadFromFile(process.argv[2], (error) => {
  if (error) throw error;
  console.log(moves);
});
