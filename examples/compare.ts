// What three hours of fine-tuning cost on each cloud, with their minimums, disk and traffic: the cheapest first.
import { createGpu, type Job } from "anygpu"
import { toTable } from "anygpu/report"
import { openClouds } from "./clouds.ts"

const { options } = await openClouds()
const gpu = createGpu(options)
const job: Job = { duration: "3 hours", startAt: new Date(options.clock.now()), storageMiB: 40_960, egressGiB: 5 }
const comparison = await gpu.compare({ minVramMiB: 24_576, gpuCount: 1, job })
console.log(toTable(comparison, { limit: 10 }))
