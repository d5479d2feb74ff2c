// Shows that each row catches what it is for: takes the built fixture, spoils one thing in a copy, and demands that exactly
// that row fails, and no other. Row 13 is shown servers that answer wrong, row 14 two folders that differ.
//
//   node mutations.mjs BUILT SOURCE
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fidelity } from "./fidelity.mjs";
import { serving, WRONG } from "./lib/servers.mjs";
import { digests, same } from "./rows/builds.mjs";
import { negotiation } from "./rows/http.mjs";

const EVERYTHING = "guide/everything.md";

/** Replaces the one place where `find` stands; a mutation that changes nothing would show nothing. */
const replace = (file, find, by) => (folder) => {
  const place = path.join(folder, file);
  const text = fs.readFileSync(place, "utf8");
  const spoilt = text.replace(find, by);
  if (spoilt === text) throw new Error(`${file} does not hold ${find}`);
  fs.writeFileSync(place, spoilt);
};
const remove = (file) => (folder) => fs.rmSync(path.join(folder, file));
/** A file of the search index, whose name holds a digest. */
const page = (folder, route) => {
  const pieces = path.join(folder, "assets/search/pieces");
  const found = fs.readdirSync(pieces).find((name) => fs.readFileSync(path.join(pieces, name), "utf8").includes(`["${route}/"`));
  if (!found) throw new Error(`the search index has no piece for ${route}`);
  fs.rmSync(path.join(pieces, found));
};

/** [the row that must fail, what is spoilt, how] */
const MUTATIONS = [
  [1, "a heading of another level", replace(EVERYTHING, "\n## Notes\n", "\n### Notes\n")],
  [1, "a heading that is bold text", replace(EVERYTHING, "\n## Pictures\n", "\n**Pictures**\n")],
  [1, "two headings in another order", (folder) => {
    replace("guide/more.md", "## The first part", "## @")(folder);
    replace("guide/more.md", "## The second part", "## The first part")(folder);
    replace("guide/more.md", "## @", "## The second part")(folder);
  }],
  [2, "another language", replace(EVERYTHING, "```bash", "```sh")],
  [2, "no language", replace(EVERYTHING, "```python", "```")],
  [2, "a space less in code", replace(EVERYTHING, '    echo "four', '   echo "four')],
  [2, "what only the highlighter reads", replace(EVERYTHING, "```bash", "```bash showLineNumbers")],
  [3, "an anchor that is not there", replace(EVERYTHING, "more.md#the-second-part", "more.md#the-third-part")],
  [3, "an anchor removed", replace(EVERYTHING, ' <a id="others"></a>', "")],
  [3, "the anchor of a box removed", replace(EVERYTHING, '<a id="inner-works"></a>', "")],
  [3, "a link that is not absolute", replace(EVERYTHING, "(https://fixture.example.com/guide/more.md)", "(more.md)")],
  [3, "a link that became text", replace(EVERYTHING, /\[another site\]\([^)]*\)/, "another site")],
  [3, "a link to HTML", replace("guide/more.md", "everything.md#notes", "everything/#notes")],
  [4, "a label removed", replace(EVERYTHING, /\*\*Linux \/ Bash\*\*\n\n/, "")],
  [4, "two panels exchanged", (folder) => {
    replace(EVERYTHING, "Run it in Bash.", "@")(folder);
    replace(EVERYTHING, "Run it in Fish.", "Run it in Bash.")(folder);
    replace(EVERYTHING, "@", "Run it in Fish.")(folder);
  }],
  [4, "a nested label without the one around it", replace(EVERYTHING, "**Linux / Fish**", "**Fish**")],
  [5, "another kind", replace(EVERYTHING, "[!WARNING]", "[!CAUTION]")],
  [5, "a title removed", replace(EVERYTHING, "> **Mind the gap**\n>\n", "")],
  [5, "a box that is a quote", replace(EVERYTHING, /> \[!NOTE\]\n(> \*\*[^\n]*\n>\n)?/, "")],
  [5, "a text outside of its box", replace(EVERYTHING, "> Between the train", "\nBetween the train")],
  [6, "a row removed", replace(EVERYTHING, "| first | `a` |\n", "")],
  [6, "a pipe that is not escaped", replace(EVERYTHING, "a \\| pipe", "a | pipe")],
  [6, "cells exchanged", replace(EVERYTHING, "| Both | Both |", "| Both |  |")],
  [7, "a text of an image", replace(EVERYTHING, "![A square in blue]", "![A square]")],
  [7, "a title of an image", replace(EVERYTHING, ' "Blue")', ")")],
  [8, "a paragraph removed", replace("guide/more.md", /(## The second part\n\n)[^\n]+\n/, "$1")],
  [8, "a paragraph twice", replace("guide/more.md", /(## The second part\n\n)([^\n]+\n)/, "$1$2\n$2")],
  [9, "an import", replace("guide/more.md", "## The first part", "import Card from './card';\n\n## The first part")],
  [9, "a tag", replace("guide/more.md", "## The first part", "<Card>\n\n## The first part")],
  [9, "three colons", replace("guide/more.md", "## The first part", ":::\n\n## The first part")],
  [9, "a character that nobody sees", replace("guide/more.md", "Back to", "Back\u200b to")],
  [9, "a comment", replace("guide/more.md", "## The first part", "<!-- x -->\n\n## The first part")],
  [9, "undefined", replace("guide/more.md", "Back to", "undefined Back to")],
  [10, "a long header", replace("guide/more.md", "\ncanonical_url", `\nkeywords: ${"many words ".repeat(60)}\ncanonical_url`)],
  [10, "no directive", replace("guide/more.md", /\n> Index of[^\n]*\n/, "\n")],
  [11, "brackets in a title", replace("llms.txt", "- [Guide]", "- [Guide [1]]")],
  [11, "another bullet", replace("llms.txt", /\n- \[/, "\n* [")],
  [11, "prose in a section", replace("llms.txt", /\n- \[/, "\nSee also:\n- [")],
  [11, "no summary", replace("guide/llms.txt", /\n> [^\n]*/, "")],
  [11, "an index that is too long", replace("guide/more/llms.txt", "## This page", `${"More. ".repeat(700)}\n\n## This page`)],
  [11, "an address that is not absolute", replace("guide/more/llms.txt", "(https://fixture.example.com/guide/more.md)", "(/guide/more.md)")],
  [11, "no index for a page", remove("guide/more/llms.txt")],
  [12, "a page missing in sitemap.xml", replace("sitemap.xml", /<url><loc>[^<]*guide\/more\/<\/loc>.*?<\/url>/, "")],
  [12, "a page missing in sitemap.md", replace("sitemap.md", /\n[^\n]*guide\/more\.md[^\n]*/, "")],
  [12, "a page missing in the search index", (folder) => page(folder, "guide/more")],
  [12, "a page missing in llms-full.txt", replace("llms-full.txt", /Source: [^\n]*guide\/more\.md/, "")],
  [12, "a page more in sitemap.xml", replace("sitemap.xml", "</urlset>", "<url><loc>https://fixture.example.com/secret/</loc></url></urlset>")],
];

/** One of two builds, spoilt: [what, how, what must be said] */
const UNLIKE = [
  ["a byte of text changed", replace("guide/more.md", "B", "b"), "guide/more.md differs"],
  ["a byte of a script changed", (folder) => {
    const script = [...digests(folder).keys()].find((file) => file.endsWith(".js"));
    fs.appendFileSync(path.join(folder, script), " ");
  }, /^assets\/.*\.js differs$/],
  ["a file missing", remove("guide/more/llms.txt"), "guide/more/llms.txt is in one build only"],
  ["a file more", (folder) => fs.writeFileSync(path.join(folder, "guide/extra.md"), ""), "guide/extra.md is in one build only"],
];

const [built, source] = process.argv.slice(2);
const failing = (rows) => [...rows].filter(([, row]) => row.faults.length > 0);
const clean = await fidelity(built, { source });
const problems = [];
for (const [number, row] of clean.rows) {
  console.log(`${number}. ${row.name}: ${row.examined} examined`);
  if (row.examined === 0) problems.push(`row ${number} examined nothing: the fixture has something for each`);
}
for (const [number, row] of failing(clean.rows)) problems.push(`row ${number} fails on the fixture as it is built: ${row.faults.slice(0, 5).join("\n  ")}`);
for (const [number, what, spoil] of MUTATIONS) {
  await spoilt(what, spoil, async (folder) => {
    const failed = failing((await fidelity(folder, { source })).rows);
    if (failed.map(([failedNumber]) => failedNumber).join() === String(number)) return;
    const said = failed.map(([failedNumber, row]) => `row ${failedNumber}: ${row.faults[0]}`).join("; ");
    return `row ${number} must fail and no other, but ${said || "none does"}`;
  });
}

const right = await serving({}, negotiation);
console.log(`13. ${right.examined} examined`);
if (right.faults.length > 0) problems.push(`row 13 fails on a server that is right: ${right.faults[0]}`);
for (const [what, replaced, because] of WRONG) {
  const { faults } = await serving(replaced, negotiation);
  const stray = faults.find((fault) => !because.test(fault));
  if (faults.length === 0) problems.push(`${what}: row 13 must fail`);
  else if (stray) problems.push(`${what}: row 13 says something else of it: ${stray}`);
}

const whole = digests(built);
await spoilt("nothing", () => {}, (folder) => same(whole, digests(folder)).faults[0]);
for (const [what, spoil, must] of UNLIKE) {
  await spoilt(what, spoil, (folder) => {
    const { faults } = same(whole, digests(folder));
    if (faults.length !== 1 || !(must instanceof RegExp ? must.test(faults[0]) : must === faults[0])) return `row 14 must say "${must}" alone, but says ${JSON.stringify(faults)}`;
  });
}

const covered = new Set([...MUTATIONS.map(([number]) => number), 13, 14]);
for (let number = 1; number <= 14; number++) if (!covered.has(number)) problems.push(`no mutation shows that row ${number} catches anything`);
console.log(`${MUTATIONS.length + WRONG.length + UNLIKE.length} mutations, ${problems.length} problems`);
for (const problem of problems) console.log(`  ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Spoils a copy of what was built, and notes what `judge` says of it. */
async function spoilt(what, spoil, judge) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mutation-"));
  try {
    fs.cpSync(built, folder, { recursive: true });
    spoil(folder);
    const problem = await judge(folder);
    if (problem) problems.push(`${what}: ${problem}`);
  } catch (error) {
    problems.push(`${what}: ${error.message}`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
