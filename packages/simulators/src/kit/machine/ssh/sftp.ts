import { posix } from "node:path"
import ssh2, { type Attributes, type SFTPWrapper } from "ssh2"
import { Errno } from "../errno.ts"
import { homeOf } from "../machine.ts"
import { contentOf, type FolderNode, type Node } from "../nodes.ts"
import type { Kernel } from "../process.ts"
import { sizeOf } from "../programs/listing.ts"

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

const kinds: Readonly<Record<Node["kind"], number>> = {
  file: 0o100000,
  text: 0o100000,
  folder: 0o040000,
  link: 0o120000,
  device: 0o020000
}

const attributesOf = (node: Node): Attributes => ({
  mode: kinds[node.kind] | node.mode,
  ...{
    uid: 0,
    gid: 0,
    size: sizeOf(node),
    atime: Math.floor(node.changed / 1000),
    mtime: Math.floor(node.changed / 1000)
  }
})

const codeOf = (error: unknown): number => {
  if (!(error instanceof Errno)) return STATUS_CODE.FAILURE
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return STATUS_CODE.NO_SUCH_FILE
  return error.code === "EACCES" ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE
}

/** What is open: a file, or a folder whose names may not be listed yet. */
type Handle =
  | { readonly kind: "file"; readonly node: Node; readonly append: boolean }
  | { readonly kind: "folder"; readonly path: string; readonly node: FolderNode; listed: boolean }

const change = (node: Node, { mode, mtime }: Attributes): void => {
  if (mode !== undefined) node.mode = mode & 0o7777
  if (mtime !== undefined) node.changed = Number(mtime) * 1000
}

const longName = (name: string, node: Node): string =>
  `${node.kind === "folder" ? "d" : "-"}rw-r--r-- 1 root root ${sizeOf(node)} Jan  1 00:00 ${name}`

const named = (name: string, node: Node) => ({
  filename: name,
  longname: longName(name, node),
  attrs: attributesOf(node)
})

const property = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined

/**
 * Ends the channel as sshd does, with a code: without one `scp` takes a copy that worked for one that failed.
 *
 * - `ssh2` has no way to say the code of a subsystem: it is said by what its own channels use.
 */
const endWell = (sftp: SFTPWrapper): void => {
  const protocol = property(sftp, "_protocol")
  const tell = property(protocol, "exitStatus")
  const id = property(property(sftp, "outgoing"), "id")
  if (typeof tell === "function" && typeof id === "number") Reflect.apply(tell, protocol, [id, 0])
  sftp.end()
}

/** Serves the files of a machine by sftp, which is what `sftp` and `scp` use. */
export const serveSftp = (sftp: SFTPWrapper, { files, user }: Kernel): void => {
  const handles = new Map<number, Handle>()
  let next = 1
  const whole = (path: string) => posix.resolve(homeOf(user), path)
  const keep = (id: number, handle: Handle): void => {
    const name = Buffer.alloc(4)
    name.writeUInt32BE(next)
    handles.set(next++, handle)
    sftp.handle(id, name)
  }
  const handleOf = (name: Buffer): Handle => {
    const found = handles.get(name.length === 4 ? name.readUInt32BE() : 0)
    if (found === undefined) throw new Errno("EBADF")
    return found
  }
  /** Answers a request, or says what went wrong. */
  const answer = (id: number, work: () => void): void => {
    try {
      work()
    } catch (error) {
      sftp.status(id, codeOf(error), error instanceof Error ? error.message : "")
    }
  }
  const done = (id: number, work: () => void): void =>
    answer(id, () => {
      work()
      sftp.status(id, STATUS_CODE.OK)
    })

  sftp.on("error", () => {})
  sftp.once("end", () => endWell(sftp))
  sftp.on("OPEN", (id, path, flags, attributes) =>
    answer(id, () => {
      const writes = (flags & (OPEN_MODE.WRITE | OPEN_MODE.APPEND)) !== 0
      const target = whole(path)
      if ((flags & OPEN_MODE.EXCL) !== 0 && files.find(target) !== undefined) throw new Errno("EEXIST")
      const node =
        writes && (flags & OPEN_MODE.CREAT) !== 0
          ? files.create(target, (attributes.mode ?? 0o644) & 0o7777)
          : files.at(target)
      if (node.kind === "folder") throw new Errno("EISDIR")
      if (node.kind === "file" && (flags & OPEN_MODE.TRUNC) !== 0) files.truncate(node, 0)
      keep(id, { kind: "file", node, append: (flags & OPEN_MODE.APPEND) !== 0 })
    })
  )
  sftp.on("READ", (id, name, offset, length) =>
    answer(id, () => {
      const handle = handleOf(name)
      const bytes =
        handle.node.kind === "file"
          ? contentOf(handle.node)
          : Buffer.from(handle.node.kind === "text" ? handle.node.read() : "")
      if (offset >= bytes.length) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, Buffer.from(bytes.subarray(offset, offset + length)))
    })
  )
  sftp.on("WRITE", (id, name, offset, bytes) =>
    done(id, () => {
      const handle = handleOf(name)
      if (handle.kind !== "file" || handle.node.kind !== "file") return
      files.write(handle.node, handle.append ? handle.node.size : offset, bytes)
    })
  )
  sftp.on("CLOSE", (id, name) => done(id, () => void handles.delete(name.readUInt32BE())))
  sftp.on("OPENDIR", (id, path) =>
    answer(id, () => {
      const node = files.at(whole(path))
      if (node.kind !== "folder") throw new Errno("ENOTDIR")
      keep(id, { kind: "folder", path: whole(path), node, listed: false })
    })
  )
  sftp.on("READDIR", (id, name) =>
    answer(id, () => {
      const handle = handleOf(name)
      if (handle.kind !== "folder" || handle.listed) {
        sftp.status(id, STATUS_CODE.EOF)
        return
      }
      handle.listed = true
      const rows = files.names(handle.node).flatMap((one) => {
        const node = files.find(posix.join(handle.path, one), false)
        return node === undefined ? [] : [named(one, node)]
      })
      sftp.name(id, [named(".", handle.node), named("..", handle.node), ...rows])
    })
  )
  sftp.on("STAT", (id, path) => answer(id, () => sftp.attrs(id, attributesOf(files.at(whole(path))))))
  sftp.on("LSTAT", (id, path) => answer(id, () => sftp.attrs(id, attributesOf(files.at(whole(path), false)))))
  sftp.on("FSTAT", (id, name) => answer(id, () => sftp.attrs(id, attributesOf(handleOf(name).node))))
  sftp.on("SETSTAT", (id, path, attributes) => done(id, () => change(files.at(whole(path)), attributes)))
  sftp.on("FSETSTAT", (id, name, attributes) => done(id, () => change(handleOf(name).node, attributes)))
  sftp.on("REMOVE", (id, path) => done(id, () => files.remove(whole(path))))
  sftp.on("RMDIR", (id, path) => done(id, () => files.remove(whole(path))))
  sftp.on("MKDIR", (id, path, { mode }) => done(id, () => void files.folder(whole(path), (mode ?? 0o755) & 0o7777)))
  sftp.on("RENAME", (id, from, to) => done(id, () => files.rename(whole(from), whole(to))))
  sftp.on("SYMLINK", (id, target, path) => done(id, () => files.link(target, whole(path))))
  sftp.on("REALPATH", (id, path) =>
    answer(id, () =>
      sftp.name(id, [named(files.find(whole(path)) ? files.real(whole(path)) : whole(path), files.root)])
    )
  )
  sftp.on("READLINK", (id, path) =>
    answer(id, () => {
      const node = files.at(whole(path), false)
      if (node.kind !== "link") throw new Errno("EINVAL")
      sftp.name(id, [named(node.target, node)])
    })
  )
}
