import { posix } from "node:path"
import { Errno } from "../errno.ts"
import { contentOf, type Node } from "../nodes.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"

/** Does something with each of some names; a failure is printed, and the code is then 1. */
export const eachName = async (
  process: Process,
  names: ReadonlyArray<string>,
  what: string,
  work: (path: string, name: string) => void | Promise<void>
): Promise<number> => {
  let code = 0
  for (const name of names) {
    try {
      await work(pathIn(process, name), name)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      await complain(process, `${process.argv[0]}: ${what} '${name}': ${error.message}`)
      code = 1
    }
  }
  return code
}

/** Where a copy of `from` goes: into a folder under its own name, or to the path itself. */
const targetOf = (process: Process, from: string, to: string): string =>
  process.machine.files.find(to)?.kind === "folder" ? posix.join(to, posix.basename(from)) : to

const copyNode = (process: Process, node: Node, to: string, keeps: boolean): void => {
  const { files, clock } = process.machine
  if (node.kind === "folder") {
    files.folders(to, node.mode)
    for (const name of files.names(node)) {
      const child = node.entries.get(name)
      if (child !== undefined) copyNode(process, child, posix.join(to, name), keeps)
    }
    return
  }
  if (node.kind === "link") {
    if (files.find(to, false) !== undefined) files.remove(to)
    files.link(node.target, to)
    return
  }
  const bytes = node.kind === "file" ? contentOf(node) : Buffer.from(node.kind === "text" ? node.read() : "")
  const copy = files.create(to, node.mode & ~process.umask)
  if (copy.kind !== "file") return
  files.truncate(copy, 0)
  files.write(copy, 0, bytes)
  copy.changed = keeps ? node.changed : clock.now()
  if (keeps) copy.mode = node.mode
}

const cp: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["t"])
  const into = args.value("t")
  const sources = into === undefined ? args.rest.slice(0, -1) : args.rest
  const to = into ?? args.rest.at(-1) ?? ""
  const isDeep = args.has("r", "R", "a", "recursive")
  return eachName(process, sources, "cannot copy", async (path, name) => {
    const node = process.machine.files.at(path, !isDeep)
    if (node.kind !== "folder" || isDeep) {
      const target = targetOf(process, path, pathIn(process, to))
      return copyNode(process, node, target, args.has("a", "p"))
    }
    await complain(process, `cp: -r not specified; omitting directory '${name}'`)
  })
}

const mv: Program = (process, argv) => {
  const args = argumentsIn(argv, ["t"])
  const into = args.value("t")
  const to = into ?? args.rest.at(-1) ?? ""
  const sources = into === undefined ? args.rest.slice(0, -1) : args.rest
  return eachName(process, sources, "cannot move", (path) =>
    process.machine.files.rename(path, targetOf(process, path, pathIn(process, to)))
  )
}

const rm: Program = (process, argv) => {
  const args = argumentsIn(argv)
  const { files } = process.machine
  return eachName(process, args.rest, "cannot remove", (path) => {
    const node = files.find(path, false)
    if (node === undefined && args.has("f")) return
    if (node?.kind === "folder" && !args.has("r", "R", "recursive")) {
      if (!args.has("d")) throw new Errno("EISDIR")
      return files.remove(path)
    }
    files.removeAll(path)
  })
}

const mkdir: Program = (process, argv) => {
  const args = argumentsIn(argv, ["m", "mode"])
  const given = args.value("m", "mode")
  const mode = given === undefined ? 0o777 & ~process.umask : Number.parseInt(given, 8)
  const { files } = process.machine
  return eachName(process, args.rest, "cannot create directory", (path) => {
    if (args.has("p", "parents")) files.folders(path, mode)
    else files.folder(path, mode)
  })
}

const rmdir: Program = (process, argv) =>
  eachName(process, argumentsIn(argv).rest, "failed to remove", (path) => {
    if (process.machine.files.at(path, false).kind !== "folder") throw new Errno("ENOTDIR")
    process.machine.files.remove(path)
  })

const ln: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const { files } = process.machine
  const [target = "", given = posix.basename(target)] = args.rest
  return eachName(process, [given], "failed to create link", (to) => {
    const isInside = files.find(to)?.kind === "folder" && !args.has("n", "T")
    const path = isInside ? posix.join(to, posix.basename(target)) : to
    if (args.has("f") && files.find(path, false) !== undefined) files.remove(path)
    if (args.has("s")) files.link(target, path)
    else if (files.find(path, false) !== undefined) throw new Errno("EEXIST")
    else files.put(path, files.at(pathIn(process, target)))
  })
}

const readlink: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const { files } = process.machine
  let code = 0
  for (const name of args.rest) {
    const path = pathIn(process, name)
    const node = files.find(path, false)
    if (args.has("f", "e") || argv[0] === "realpath")
      await say(process, `${node === undefined ? path : files.real(path)}\n`)
    else if (node?.kind === "link") await say(process, `${node.target}${args.has("n") ? "" : "\n"}`)
    else code = 1
  }
  return code
}

/** When something was changed, as `touch` and `date` take it. */
export const momentIn = (text: string, now: number): number => {
  if (text === "" || text === "now") return now
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(text)?.[1]
  return seconds === undefined
    ? Date.parse(/Z|[-+]\d\d:?\d\d$/.test(text) ? text : `${text} UTC`)
    : Number(seconds) * 1000
}

/** A moment as `touch -t` takes it, `[CC]YYMMDDhhmm[.ss]`, in UTC; null for what is not one. */
const stampIn = (text: string): number | null => {
  const [, century = "20", year, month, day, hour, minute, second = "00"] =
    /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text) ?? []
  const moment = Date.parse(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(moment) ? null : moment
}

const touch: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["d", "t", "r", "date"])
  const { files, clock } = process.machine
  const stamp = args.value("t")
  const moment = stamp === undefined ? momentIn(args.value("d", "date") ?? "", clock.now()) : stampIn(stamp)
  if (moment === null) {
    await complain(process, `touch: invalid date format '${stamp}'`)
    return 1
  }
  return await eachName(process, args.rest, "cannot touch", (path) => {
    if (args.has("c") && files.find(path) === undefined) return
    const node = files.find(path) ?? files.create(path, 0o666 & ~process.umask)
    node.changed = moment
  })
}

/** Permissions after a change such as `755`, `+x` or `u+rw,go-w`. */
const changedMode = (mode: number, text: string): number => {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return text.split(",").reduce((old, part) => {
    const [, who = "", operator = "+", rights = ""] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(part) ?? []
    const bits = [...rights].reduce((sum, right) => sum | ({ r: 4, w: 2, x: 1, X: 1 }[right] ?? 0), 0)
    const all = who === "" || who.includes("a") ? "ugo" : who
    const mask = [...all].reduce((sum, one) => sum | (bits << ({ u: 6, g: 3, o: 0 }[one] ?? 0)), 0)
    return operator === "-" ? old & ~mask : old | mask
  }, mode)
}

const chmod: Program = (process, argv) => {
  const words = argv.slice(1)
  const isDeep = words[0] === "-R"
  const [mode = "", ...names] = isDeep ? words.slice(1) : words
  const change = (node: Node): void => {
    node.mode = changedMode(node.mode, mode)
    if (isDeep && node.kind === "folder") for (const child of node.entries.values()) change(child)
  }
  return eachName(process, names, "cannot access", (path) => change(process.machine.files.at(path)))
}

const mktemp: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["p"])
  const template = args.rest[0] ?? "tmp.XXXXXXXXXX"
  const { files, nextPid, clock } = process.machine
  const mark = `${nextPid}${Math.round(clock.now())}`.padStart(20, "x")
  const name = template.replace(/X+$/, (all) => mark.slice(-all.length))
  const path = name.includes("/") ? pathIn(process, name) : posix.join(args.value("p") ?? "/tmp", name)
  if (args.has("d")) files.folders(path, 0o700)
  else files.create(path, 0o600)
  await say(process, `${path}\n`)
  return 0
}

const basename: Program = async (process, argv) => {
  await say(process, `${posix.basename(argv[1] ?? "", argv[2])}\n`)
  return 0
}

const dirname: Program = async (process, argv) => {
  await say(process, `${posix.dirname(argv[1] ?? "")}\n`)
  return 0
}

const done: Program = () => 0

/** What makes, moves and removes files and folders. */
export const folderPrograms: Readonly<Record<string, Program>> = {
  ...{ cp, mv, rm, mkdir, rmdir, ln, readlink, realpath: readlink, touch, chmod, mktemp, basename, dirname },
  ...{ chown: done, chgrp: done, sync: done }
}
