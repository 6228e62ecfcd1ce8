import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { Deployment, Image, Offer } from "./wire.ts"

/** Source: Huddle01 docs, GPU Offers and Deployments. */
const unused = `
  code total_vram_gb storage_gb price_per_sec id spot_price_per_hr spot_price_per_sec image_type resource_type
  image os_name ssh_key_ids updated_at
`

const pageOf = (row: z.ZodType) => {
  const list = z.array(row)
  const meta = z.object({ total: z.unknown(), has_more: z.unknown(), next_cursor: z.unknown() })
  return z.object({ data: z.union([list, z.object({ data: list, meta })]), meta })
}

const { status } = lifecycle.domain

/** What Huddle01's answers may hold, as far as this adapter and Huddle01's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  { path: /\/gpus\/available$/, schema: pageOf(Offer), unused },
  {
    path: /\/deployments$/,
    schema: pageOf(Deployment),
    unused,
    words: { "data[].status": status, "data.data[].status": status }
  },
  {
    path: /\/deployments\/[^/]+$/,
    schema: z.object({ data: Deployment }),
    unused,
    words: { "data.status": status }
  },
  { path: /\/images$/, schema: pageOf(Image), unused }
]
