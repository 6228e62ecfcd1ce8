const messages = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EEXIST: "File exists",
  EINVAL: "Invalid argument",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ESRCH: "No such process"
} as const

/** The name of a failure of the system. */
export type ErrnoCode = keyof typeof messages

/** A call of the simulated machine's system that failed; its message is the one that programs print. */
export class Errno extends Error {
  readonly code: ErrnoCode
  constructor(code: ErrnoCode) {
    super(messages[code])
    this.code = code
  }
}
