import { fetchTransport } from "../../../packages/core/src/adapter/fetch-transport.ts"
import { fetchSimulated } from "./clouds.ts"

/* What an adapter's requests go through in an example that is run: everything above it is the real thing. */

export { undiciTransport } from "../../../packages/core/src/adapter/undici-transport.ts"

/** Reaches the simulated clouds at the addresses of the real ones. */
export const defaultTransport = () => fetchTransport(fetchSimulated)
