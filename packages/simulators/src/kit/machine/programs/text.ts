import { createHash } from "node:crypto"
import { release, share } from "../descriptor.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, eachInput, openIn, readAll, readFrom, readLine, say, writeTo } from "../system.ts"
import { type Arguments, argumentsIn } from "./arguments.ts"

const cat: Program = (process, argv) =>
  eachInput(process, argumentsIn(argv).rest, async (from) => {
    for (let part = await readFrom(process, from); part !== null; part = await readFrom(process, from))
      await say(process, part)
  })

/** All lines of some files, or of the input; the last one may have no end. */
export const linesOf = async (
  process: Process,
  names: ReadonlyArray<string>
): Promise<readonly [ReadonlyArray<string>, number]> => {
  let text = ""
  const code = await eachInput(process, names, async (from) => {
    text += (await readAll(process, from)).toString("utf8")
  })
  if (text === "") return [[], code]
  return [(text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"), code]
}

const countOf = (args: Arguments, otherwise: number): string => args.value("n", "lines", "#") ?? String(otherwise)

const head: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["n", "c", "lines", "bytes", "#"])
  const bytes = args.value("c", "bytes")
  return eachInput(process, args.rest, async (from, name) => {
    if (args.rest.length > 1) await say(process, `==> ${name} <==\n`)
    let left = Number(bytes ?? countOf(args, 10))
    while (left > 0) {
      if (bytes === undefined) {
        const { line, ended } = await readLine(process, from)
        if (ended && line === "") return
        await say(process, ended ? line : `${line}\n`)
        left -= 1
        if (ended) return
        continue
      }
      const part = await readFrom(process, from, Math.min(left, 65_536))
      if (part === null) return
      left -= part.length
      await say(process, part)
    }
  })
}

/** The end of a text, or what comes after so many lines or bytes where the count has a plus. */
const tailOf = (text: Buffer, count: string, inBytes: boolean): Buffer => {
  const size = Number(count.replace(/^[-+]/, ""))
  const fromStart = count.startsWith("+")
  if (inBytes) return fromStart ? text.subarray(Math.max(0, size - 1)) : text.subarray(Math.max(0, text.length - size))
  const lines = text.toString("latin1").split("\n")
  const isEnded = lines.at(-1) === ""
  const own = isEnded ? lines.slice(0, -1) : lines
  const kept = fromStart ? own.slice(Math.max(0, size - 1)) : size === 0 ? [] : own.slice(-size)
  return Buffer.from(kept.length === 0 ? "" : `${kept.join("\n")}${isEnded ? "\n" : ""}`, "latin1")
}

const tail: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["n", "c", "lines", "bytes", "#"])
  const inBytes = args.has("c", "bytes")
  const count = args.value("c", "bytes") ?? countOf(args, 10)
  const code = await eachInput(process, args.rest, async (from) => {
    await say(process, tailOf(await readAll(process, from), count, inBytes))
    // A file that grows: what is added to it is looked for a few times a second.
    while (args.has("f", "F", "follow")) {
      const more = await readFrom(process, from)
      if (more !== null) await say(process, more)
      else await new Promise((done) => setTimeout(done, 50))
    }
  })
  return code
}

const wc: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const isAny = args.has("l", "w", "c", "m")
  return eachInput(process, args.rest, async (from, name) => {
    const bytes = await readAll(process, from)
    const text = bytes.toString("latin1")
    const counts = [
      ...(args.has("l") || !isAny ? [text.split("\n").length - 1] : []),
      ...(args.has("w") || !isAny ? [text.split(/\s+/).filter(Boolean).length] : []),
      ...(args.has("c", "m") || !isAny ? [bytes.length] : [])
    ]
    const columns = counts.length > 1 ? counts.map((count) => String(count).padStart(7)) : counts.map(String)
    await say(process, `${[...columns, ...(name === "-" ? [] : [name])].join(" ")}\n`)
  })
}

const tee: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const targets = args.rest.map((name) =>
    share(openIn(process, name, { write: true, append: args.has("a"), truncate: !args.has("a") }))
  )
  const from = process.open.get(0)
  for (let part = from && (await readFrom(process, from)); part; part = from && (await readFrom(process, from))) {
    await say(process, part)
    for (const target of targets) await writeTo(process, target, part)
  }
  for (const target of targets) release(target)
  return 0
}

const seq: Program = async (process, argv) => {
  const numbers = argv.slice(1).map(Number)
  if (numbers.length === 0 || numbers.some(Number.isNaN)) {
    await complain(process, "seq: invalid floating point argument")
    return 1
  }
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1
  const last = numbers.at(-1) ?? 0
  let text = ""
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    text += `${value}\n`
    if (text.length < 16_384) continue
    await say(process, text)
    text = ""
  }
  await say(process, text)
  return 0
}

const yes: Program = async (process, argv) => {
  const line = `${argv.slice(1).join(" ") || "y"}\n`
  const text = line.repeat(Math.ceil(4096 / line.length))
  for (;;) {
    await say(process, text)
    await new Promise<void>((done) => setImmediate(done))
  }
}

const hashOf =
  (algorithm: string): Program =>
  (process, argv) =>
    eachInput(process, argumentsIn(argv).rest, async (from, name) => {
      const hash = createHash(algorithm)
      for (let part = await readFrom(process, from); part !== null; part = await readFrom(process, from))
        hash.update(part)
      await say(process, `${hash.digest("hex")}  ${name}\n`)
    })

const base64: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["w"])
  return eachInput(process, args.rest, async (from) => {
    const bytes = await readAll(process, from)
    if (args.has("d", "decode")) return say(process, Buffer.from(bytes.toString("latin1"), "base64"))
    const width = Number(args.value("w") ?? 76)
    const text = bytes.toString("base64")
    await say(process, width === 0 ? text : `${text.replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n")}\n`)
  })
}

const rev: Program = async (process, argv) => {
  const [lines, code] = await linesOf(process, argv.slice(1))
  await say(process, lines.map((line) => `${[...line].reverse().join("")}\n`).join(""))
  return code
}

/** What works on text. */
export const textPrograms: Readonly<Record<string, Program>> = {
  ...{ cat, head, tail, wc, tee, seq, yes, base64, rev },
  ...{ md5sum: hashOf("md5"), sha1sum: hashOf("sha1"), sha256sum: hashOf("sha256"), sha512sum: hashOf("sha512") }
}
