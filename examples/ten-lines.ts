// The shortest use: the five cheapest RTX 4090 or 3090 right now, on a simulated cloud.
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu, formatMoney } from "anygpu"

await using cloud = await createVastSimulator({}).listen()
const gpu = createGpu({ providers: [vast({ apiKey: "vast-sim-key-0123456789abcdef", baseUrl: cloud.url })] })
const offers = await gpu.offers({ kind: "container", gpu: ["RTX 4090", "RTX 3090"], limit: 5 })
for (const offer of offers)
  console.log(`${offer.id} ${offer.gpu?.count}x ${offer.gpu?.model} ${offer.price && formatMoney(offer.price)}/h`)
