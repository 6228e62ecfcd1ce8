import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { CpuType, GpuType, Pod } from "./wire.ts"

/** Source: Runpod API reference v2, Pod, GpuType and CpuType. */
const unused = `
  args cmd entrypoint env registry cudaVersion template globalNetworking cluster proxy command uptime gpus util memoryUtil
  path volumeId enabled internalDns rank role pool manufacturer cudaVersions version available serverless serverlessPerVcpu
  group nextCursor hasNextPage
`

const { status } = lifecycle.domain

/** What Runpod's answers may hold, as far as this adapter and Runpod's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  {
    path: /\/v2\/pods$/,
    schema: z.object({ pods: z.array(Pod), pagination: z.unknown() }),
    unused,
    words: { "pods[].status": status }
  },
  { path: /\/v2\/pods\/[^/]+$/, schema: Pod, unused, words: { status } },
  { path: /\/v2\/catalog\/gpus$/, schema: z.object({ gpus: z.array(GpuType) }), unused: `${unused} name` },
  { path: /\/v2\/catalog\/cpus$/, schema: z.object({ cpus: z.array(CpuType) }), unused: `${unused} name` }
]
