import type { Audit } from "anygpu"
import type { OperationContext } from "./context.ts"
import { auditJson } from "./protocol/launches.ts"

/** Lists the accounts and compares the ledger with them. */
export const run = async (context: OperationContext): Promise<Audit> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  return await out.during("holding the ledger against the accounts", () => gpu.audit({ signal }))
}

/** The audit in JSON. */
export const encode = auditJson
