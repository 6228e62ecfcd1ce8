/** One exit code of the command. */
export interface ExitCode {
  readonly code: number
  /** The tags of the errors that end with it. */
  readonly tags: ReadonlyArray<string>
  /** What happened, for people. */
  readonly meaning: string
  /** What a script does with it. */
  readonly advice: string
}

/**
 * The exit codes by error class; docs/cli/exit-codes.md is written from this table.
 *
 * - A machine that may be left behind goes before everything else: an error that names leftovers ends with `leftovers`.
 * - `exec`, and `ssh` with a command, end with the remote command's own code.
 */
export const exitCodes = {
  done: { code: 0, tags: [], meaning: "done, and the answer is whole", advice: "" },
  broken: {
    ...{ code: 1, tags: [], meaning: "the command failed as it never should" },
    advice: "report it"
  },
  usage: {
    ...{ code: 2, tags: ["Usage", "InvalidRequest", "Unsupported"] },
    meaning: "wrong arguments, values or settings, or something that this cloud cannot do; nothing was changed",
    advice: "correct the call"
  },
  key: {
    ...{ code: 3, tags: ["Unauthenticated", "PermissionDenied"] },
    meaning: "an API key is missing or wrong, or may not do this",
    advice: "`anygpu doctor` checks the keys"
  },
  missing: {
    ...{
      code: 4,
      tags: ["NotFound"],
      meaning: "there is no such machine, offer or key, or no longer, or no such file on a machine"
    },
    advice: "`anygpu list` shows what is there"
  },
  state: {
    ...{ code: 5, tags: ["Conflict", "IllegalAction"], meaning: "the machine's status forbids it for now" },
    advice: "try again when `anygpu show` says that it may be done"
  },
  capacity: {
    ...{ code: 6, tags: ["NoCapacity"], meaning: "the offer is gone, or the cloud has no such machine free" },
    advice: "take another offer"
  },
  funds: {
    ...{ code: 7, tags: ["OutOfFunds"], meaning: "the account has too little money, or the price is above a limit" },
    advice: "add credit, or raise the limit"
  },
  rate: {
    ...{
      code: 8,
      tags: ["RateLimited"],
      meaning: "the cloud was asked too often, or would be: its rate limit is kept here; nothing took effect"
    },
    advice: "wait, then try again"
  },
  time: {
    ...{
      code: 9,
      tags: ["Timeout"],
      meaning: "no answer, or no wanted status, in time: a change may have taken effect"
    },
    advice: "look with `anygpu list` before trying again"
  },
  network: {
    ...{
      code: 10,
      tags: ["Network", "Unreachable", "ConnectionLost"],
      meaning: "the cloud, or the machine by ssh, could not be reached, or no longer"
    },
    advice: "check the network; `anygpu doctor` says more"
  },
  cloud: {
    ...{
      code: 11,
      tags: ["ProviderFault", "BadResponse"],
      meaning: "the cloud failed, or answered what it never should"
    },
    advice: "try later; look with `anygpu list` after a change"
  },
  leftovers: {
    ...{ code: 12, tags: ["LaunchUnsettled"] },
    meaning: "a machine may be left that costs money: the message names it",
    advice: "`anygpu audit`, then `anygpu terminate`"
  },
  partial: {
    ...{ code: 13, tags: [], meaning: "the answer lacks something, which is said; the rest was printed" },
    advice: "do not take it for everything"
  },
  unwell: {
    ...{ code: 14, tags: [], meaning: "`doctor` or `verify` found something that needs somebody" },
    advice: "do what it says"
  },
  login: {
    ...{ code: 15, tags: ["LoginRefused", "HostKeyChanged"] },
    meaning: "the machine lets nobody in with these keys, or is not the one that it was",
    advice: "name the key that it was launched with; look who answers there before forgetting its host key"
  },
  remote: {
    ...{ code: 16, tags: ["RemoteFailed"], meaning: "a command of anygpu's own failed on the machine" },
    advice: "read what it wrote: a full disk, a missing program"
  },
  declined: {
    ...{ code: 20, tags: ["Declined"], meaning: "it was asked for a yes and there was none; nothing was changed" },
    advice: "pass --yes"
  },
  interrupted: { code: 130, tags: [], meaning: "ended by Ctrl-C", advice: "" }
} as const satisfies Readonly<Record<string, ExitCode>>

/** The tag of an error: of the SDK's catalogue, without loading it, or of the command's own. */
export const tagOf = (error: unknown): string | null =>
  error instanceof Error && "_tag" in error && typeof error._tag === "string" ? error._tag : null

/** Whether an error names machines that may be left. */
const mayLeaveMachine = (error: unknown): boolean =>
  error instanceof Error && "leftovers" in error && Array.isArray(error.leftovers) && error.leftovers.length > 0

/** The exit code of an error with a tag; null where no code is for it. */
export const exitCodeOfTag = (tag: string): number | null => {
  const all: ReadonlyArray<ExitCode> = Object.values(exitCodes)
  return all.find(({ tags }) => tags.includes(tag))?.code ?? null
}

/** The exit code of what was thrown. */
export const exitCodeOf = (error: unknown, interrupted: boolean): number => {
  if (mayLeaveMachine(error)) return exitCodes.leftovers.code
  const tag = tagOf(error)
  return (
    (tag === null ? null : exitCodeOfTag(tag)) ?? (interrupted ? exitCodes.interrupted.code : exitCodes.broken.code)
  )
}
