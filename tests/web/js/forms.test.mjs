// What a page sends: the answers first, so that the file can be checked while it travels.
import assert from "node:assert/strict";
import { File } from "node:buffer";
import { test } from "node:test";
import { putFilesLast } from "../../../web/assets/js/forms.js";

globalThis.File ??= File;

test("a file goes after everything that was answered about it", () => {
  const form = new FormData();
  form.append("form_key", "secret");
  form.append("file", new File(["G28"], "vase.gcode"));
  form.append("machine_id", "printer");
  form.append("title", "A vase");

  putFilesLast(form);

  assert.deepEqual([...form.keys()], ["form_key", "machine_id", "title", "file"]);
  assert.equal(form.get("file").name, "vase.gcode");
});

test("a form without a file stays as it is", () => {
  const form = new FormData();
  form.append("reason", "Too thin");
  form.append("form_key", "secret");

  putFilesLast(form);

  assert.deepEqual([...form], [["reason", "Too thin"], ["form_key", "secret"]]);
});
