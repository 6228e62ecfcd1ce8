// The shortest use: the five cheapest RTX 4090 right now, on a simulated cloud. Run it with `pnpm ten-lines`.
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu, formatMoney } from "anygpu"

await using cloud = await createVastSimulator({ seed: 4 }).listen()
const gpu = createGpu({ providers: [vast({ apiKey: "vast-sim-key-0123456789abcdef", baseUrl: cloud.url })] })
const offers = await gpu.offers({ gpu: "RTX 4090", limit: 5 })
for (const offer of offers)
  console.log(`${offer.id} ${offer.gpu?.count}x ${offer.gpu?.model} ${offer.price && formatMoney(offer.price)}/h`)
