/*
 * One copy in a process of its own, so that its memory is that of nothing else: prints its seconds, from before the login, and
 * the most memory that the process had, in MiB, as JSON.
 *
 *   copy-client.ts <port> <user> <key> <ssh2|openssh> <upload|download> <from> <to>
 */
import { connect } from "@anygpu/ssh"

const [port = "", user = "", key = "", transport = "ssh2", way = "", from = "", to = ""] = process.argv.slice(2)
const began = performance.now()
const machine = await connect(
  { host: "127.0.0.1", port: Number(port), user },
  { key, agent: false, transport: transport === "openssh" ? "openssh" : "ssh2" }
)
if (way === "upload") await machine.upload(from, to)
else await machine.download("**", to, { from })
await machine.close()
const seconds = (performance.now() - began) / 1000
console.log(JSON.stringify({ seconds, mebibytes: process.resourceUsage().maxRSS / 1024 }))
