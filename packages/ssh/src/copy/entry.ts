/** A file, folder or link below a folder that is copied. */
export interface Entry {
  /** Below the folder, with forward slashes. */
  readonly path: string
  readonly type: "file" | "directory" | "link"
  /** Bytes; 0 for what is no file. */
  readonly size: number
  /** When it was changed, in whole seconds since the epoch. */
  readonly changed: number
  /** The permissions alone. */
  readonly mode: number
  /** Where a link leads. */
  readonly target: string | null
}

/** What was left out, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

/** How far a copy is. */
export interface Progress {
  /** What of all bytes has been handed over, with what the archive itself takes. */
  readonly bytes: number
  /** The bytes of the files that are copied. */
  readonly totalBytes: number
  readonly totalFiles: number
}

/** What a copy did. */
export interface Transferred {
  /** Files and links that were copied. */
  readonly files: number
  /** Bytes in them. */
  readonly bytes: number
  /** Files that are the same on both sides already. */
  readonly unchanged: number
  /** Left out: links that lead out of the folder, and what is neither file, folder nor link. */
  readonly skipped: ReadonlyArray<Skipped>
}

/** What may be said of any copy. */
export interface CopyOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * Whether two things are taken for the same: files by their size, their permissions and the second they were changed in,
 * folders by their permissions.
 */
export const isSame = (a: Entry, b: Entry | undefined): boolean => {
  if (b === undefined || a.type !== b.type || a.mode !== b.mode) return false
  return a.type === "directory" || (a.type === "file" && a.size === b.size && a.changed === b.changed)
}

/** The links that lead out of the folder, as what is left out. */
export const outwardLinks = (links: ReadonlyArray<Entry>): ReadonlyArray<Skipped> =>
  links.map(({ path, target }) => ({ path, reason: `it leads out of the folder, to ${target}` }))

/** Counts the bytes of one copy, whatever they pass through. */
export interface Counter {
  /** Passes bytes on and tells how many there were; those before `from` are there already. */
  readonly count: (chunks: AsyncIterable<Uint8Array>, from?: number) => AsyncGenerator<Uint8Array>
}

/** A counter that begins at nothing. */
export const makeCounter = (total: Omit<Progress, "bytes">, onProgress: CopyOptions["onProgress"]): Counter => {
  let bytes = 0
  return {
    count: async function* (chunks, from = 0) {
      bytes += from
      for await (const chunk of chunks) {
        bytes += chunk.length
        onProgress?.({ ...total, bytes })
        yield chunk
      }
    }
  }
}
