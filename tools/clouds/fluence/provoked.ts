import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { fluence } from "../../../packages/fluence/src/index.ts"
import { createGpu } from "../../../packages/sdk/src/index.ts"
import { createFluenceSimulator } from "../../../packages/simulators/src/index.ts"
import type { Ways } from "../../docs/provoked.ts"

/** Ways to errors on Fluence, whose containers cannot be stopped. */
export const ways: Ways = {
  Unsupported: () => {
    const { apiKey, fetch, clock } = createFluenceSimulator({ seed: 3 })
    const gpu = createGpu({ clouds: [fluence({ apiKey, transport: fetchTransport(fetch) })], clock })
    return gpu.act("fluence/container/3f1c8a52-9a51-4c0e-8d57-1b8e1f0a7c11", "stop")
  }
}
