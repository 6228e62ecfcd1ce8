import type { ProviderFault } from "@anygpu/core"
import { ledgerFault, ledgerLeft } from "@anygpu/core/ledger"

/** What Postgres or the network said, by its code. */
const codeOf = (cause: unknown): string => {
  const { code } = (typeof cause === "object" && cause !== null ? cause : {}) as { readonly code?: unknown }
  return typeof code === "string" ? code : ""
}

/** Two transactions that met: one of them begins again. */
const collisions = new Set(["40001", "40P01", "23505"])

/** Where no answer came, or none that says anything about the ledger: the server restarts, or is not reached. */
const unreachable = /^(08...|57P0[1-5]|53300|E[A-Z]+)$/

/** What `pg` says by text alone when a connection ends or cannot be had in time. */
const cutOff = /connection (terminated|timeout|ended)|timeout exceeded when trying to connect|not queryable/i

/** Whether a failure says that the server could not be asked, or that the connection to it was lost. */
export const isUnreachable = ({ cause }: ProviderFault): boolean =>
  unreachable.test(codeOf(cause)) || (cause instanceof Error && codeOf(cause) === "" && cutOff.test(cause.message))

/** Whether a failure is of two transactions that met. */
export const isCollision = ({ cause }: ProviderFault): boolean => collisions.has(codeOf(cause))

/** What the codes of Postgres and of the network mean to the user. */
const advice: ReadonlyArray<readonly [code: RegExp, advice: string]> = [
  [/^28/, "the server does not let this user in: check user and password of the address"],
  [/^3D000/, "there is no such database: create it, or name another one in the address"],
  [/^42501/, "this user has not the rights: grant them, as the page of @anygpu/postgres says"],
  [/^53300/, "the server has no connection left: close others, or raise its max_connections"],
  [/^(53|58)/, "the server is out of disk, memory or files: see its log"],
  [/^(55P03|57014)/, "another process holds it for too long: try again, or end that process"],
  [/^(ENOTFOUND|EAI_AGAIN)/, "the host of the address is not known: check it"],
  [/^(ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|08|57P0)/, "the server is not reached: check that it runs, and the network"],
  [
    /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS)/,
    "its certificate is not trusted: name its authority by sslrootcert in the address"
  ]
]

/** A failure of the ledger that is kept there; `place` names it without its password. */
export const faultOf = (place: string, cause: unknown): ProviderFault => {
  const code = codeOf(cause)
  const moved = cause instanceof Error && /^this ledger was moved to (.*)$/.exec(cause.message)?.[1]
  if (moved) return ledgerLeft(place, moved)
  const said = cause instanceof Error && cause.message !== "" ? cause.message : code || String(cause)
  const known = advice.find(([pattern]) => pattern.test(code))?.[1]
  const fault = ledgerFault(`the ledger ${place} failed (${said}): ${known ?? "see the cause"}`, "temporary", cause)
  const isTemporary = isUnreachable(fault) || isCollision(fault) || /^(53|55P03|57)/.test(code)
  return isTemporary ? fault : ledgerFault(fault.message, "permanent", cause)
}
