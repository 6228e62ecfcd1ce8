import { InvalidRequest } from "anygpu"

/** A path on a machine. */
export interface RemotePath {
  /** The machine, as it was written. */
  readonly ref: string
  /** Empty for the home folder. */
  readonly path: string
}

/**
 * The machine's side of what was written: `trainer:out`, `vast/container/123:/root/x`. Null for a path of this computer.
 *
 * - What begins with `.`, `/` or `~` is of this computer, and so is `C:`, a drive; so a file with a colon in its name is
 *   written `./a:b`.
 */
export const remotePathIn = (text: string): RemotePath | null => {
  const [, ref, path = ""] = /^([^:./~][^:]+):([\s\S]*)$/.exec(text) ?? []
  return ref === undefined ? null : { ref, path }
}

/** A copy: from here to a machine, or from a machine to here. */
export type CopyPlan =
  | { readonly direction: "up"; readonly ref: string; readonly from: ReadonlyArray<string>; readonly to: string }
  | { readonly direction: "down"; readonly ref: string; readonly from: ReadonlyArray<string>; readonly to: string }

/** Which way is copied. Throws `InvalidRequest` where no side is a machine's, both are, or several machines are named. */
export const copyPlan = (from: ReadonlyArray<string>, to: string): CopyPlan => {
  const [target, sources] = [remotePathIn(to), from.map(remotePathIn)]
  const [first] = sources.flatMap((source) => source ?? [])
  if (target && first) {
    throw InvalidRequest.of("to", "is on a machine, and so is what is copied: copy it to this computer first")
  }
  if (target) return { direction: "up", ref: target.ref, from, to: target.path }
  if (!first)
    throw InvalidRequest.of("to", "neither side is on a machine: write one as machine:path, such as trainer:work")
  const paths = sources.map((source, index) => {
    if (source?.ref === first.ref) return source.path
    throw InvalidRequest.of("from", `${from[index]} is not on ${first.ref}: copy from one machine at a time`)
  })
  return { direction: "down", ref: first.ref, from: paths, to }
}
