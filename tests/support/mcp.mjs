// Asks `waypost mcp` with the official client: `node mcp.mjs stdio BINARY DIR` or `node mcp.mjs http URL`, with a JSON list of
// [method, params] on the standard input; prints {server, instructions, answers}. An error is {error}.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.env.TOOLS + "/package.json");
const load = (name) => import(pathToFileURL(require.resolve("@modelcontextprotocol/sdk/" + name)));
const { Client } = await load("client/index.js");
const [kind, first, dir] = process.argv.slice(2);
let transport;
if (kind === "stdio") {
  const { StdioClientTransport } = await load("client/stdio.js");
  transport = new StdioClientTransport({ command: first, args: ["mcp", dir], stderr: "ignore" });
} else {
  const { StreamableHTTPClientTransport } = await load("client/streamableHttp.js");
  transport = new StreamableHTTPClientTransport(new URL(first));
}
const client = new Client({ name: "test", version: "1" });
await client.connect(transport);
const answers = [];
for (const [method, params] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  try { answers.push(await client[method](params)); } catch (error) { answers.push({ error: error.message, code: error.code }); }
}
const server = client.getServerVersion(), instructions = client.getInstructions();
await client.close();
process.stdout.write(JSON.stringify({ server, instructions, answers }));
