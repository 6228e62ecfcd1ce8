import type { Transport } from "./transport.ts"
import { undiciTransport } from "./undici-transport.ts"

export { undiciTransport }

/** The transport of the platform: undici on Node, `fetch` elsewhere. Each call makes one with connections of its own. */
export const defaultTransport = (): Transport => undiciTransport()
