// Removes the folders named, so that a build never contains what a deleted file once produced.
import { rmSync } from "node:fs";

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });
