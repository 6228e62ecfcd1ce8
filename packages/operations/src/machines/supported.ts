import { type GpuClient, type InstanceRef, type MachineOp, Unsupported } from "anygpu"
import { ableOf } from "./accounts.ts"

/** Refuses an operation that the machine's cloud does not have, and says which clouds have it; nothing is sent. */
export const mustSupport = (client: GpuClient, { provider, kind }: InstanceRef, op: MachineOp): void => {
  const able = ableOf(client, op).flatMap(([, kinds]) => kinds)
  // The operation itself reports a cloud that is not in the client.
  if (!(provider in client.clouds) || able.some((one) => one.provider === provider && one.kind === kind)) return
  const having = able.map((one) => `${one.provider}/${one.kind}`).join(", ")
  const others = having === "" ? "None of your clouds has it" : `Of your clouds these have it: ${having}`
  const message = `${provider} has no ${op} for machines of the kind ${kind}. ${others}. Nothing was sent.`
  throw new Unsupported({ message, retry: "permanent", provider, kind, operation: op, feature: op })
}
