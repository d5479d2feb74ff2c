// Row 14: what two builds wrote, file by file.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";

export const BUILDS_ROW = { name: "two builds byte-equal" };

/** The digest of every file of a folder, by its path. It stands for the folder, which may go before the next is built. */
export function digests(folder) {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const place = (entry) => path.relative(folder, path.join(entry.parentPath, entry.name));
  return new Map(files.map(place).map((file) => [file, crypto.createHash("sha256").update(fs.readFileSync(path.join(folder, file))).digest("hex")]));
}

/** Where two builds differ. */
export function same(first, second) {
  const faults = [...new Set([...first.keys(), ...second.keys()])]
    .filter((file) => first.get(file) !== second.get(file))
    .map((file) => (first.has(file) && second.has(file) ? `${file} differs` : `${file} is in one build only`));
  if (first.size === 0) faults.push("nothing was built");
  return { examined: first.size, faults, note: "" };
}
