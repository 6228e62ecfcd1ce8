import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { kindsByWord } from "./to-domain.ts"
import { Instance, InstanceType } from "./wire.ts"

/** Source: Shadeform API reference, Instance, InstanceInfoResponse and InstanceType. */
const unused = `
  nvlink flex_vm memory_in_gb storage_in_gb vcpus num_gpus gpu_type interconnect shade_cloud deleted_at boot_time
  min_boot_in_sec max_boot_in_sec volume_ids ssh_key_id alert volume_mount auto envs value args shared_memory_in_gb
  volume_mounts host_path container_path registry_credentials username password script_configuration base64_script
  date_threshold spend_threshold
`

const { status } = lifecycle.domain

/** What Shadeform's answers may hold, as far as this adapter and Shadeform's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  {
    path: /\/instances$/,
    schema: z.object({ instances: z.array(Instance) }),
    unused,
    words: { "instances[].status": status, "instances[].rental_terms.rental_type": ["on_demand", "spot", "commitment"] }
  },
  { path: /\/instances\/[^/]+\/info$/, schema: Instance, unused, words: { status } },
  {
    path: /\/instances\/types$/,
    schema: z.object({ instance_types: z.array(InstanceType) }),
    unused,
    words: {
      "instance_types[].deployment_type": Object.keys(kindsByWord),
      "instance_types[].availability[].rental_type": ["on_demand", "spot"]
    }
  }
]
