/*
 * A real sshd on a loopback port with a port in front of it that can be cut, as a process of its own.
 *
 *   node --conditions=anygpu-source packages/ssh/src/testing/main.ts [dash|bash|busybox]
 *
 * Its first line says where it is, as JSON: `host`, `port`, `direct` (the port without cuts), `user`, `key`, `folder`. Each
 * line that it reads (`close`, `reset`, `silence`) cuts every connection, and is answered with how many there were. It
 * stops when its input ends.
 */
import { createInterface } from "node:readline"
import { type Cut, startCutter } from "./cutter.ts"
import { type RemoteShell, remoteShells, startSshd } from "./sshd.ts"

const isShell = (text: string | undefined): text is RemoteShell => remoteShells.some((shell) => shell === text)
const isCut = (text: string): text is Cut => ["close", "reset", "silence"].includes(text)

const asked = process.argv[2]
const sshd = await startSshd(isShell(asked) ? asked : "dash")
const cutter = await startCutter(sshd.port)
const { host, user, key, folder } = sshd
console.log(JSON.stringify({ host, port: cutter.port, direct: sshd.port, user, key, folder }))
for await (const line of createInterface({ input: process.stdin })) if (isCut(line)) console.log(cutter.cut(line))
await cutter.stop()
await sshd.stop()
