import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { Availability, Image, Instance, InstanceType, Location, Volume } from "./wire.ts"

/** Source: Verda API v1, OpenAPI: Instance, InstanceType, Volume, Image. */
const unused = `
  created_by_user_id model description size_in_gigabytes gpu_memory storage startup_script_id ssh_key_ids jupyter_token pricing
  best_for deploy_warning display_name manufacturer p2p dynamic_price max_dynamic_price serverless_price serverless_spot_price
  id name is_default details category created_at target pseudo_path create_directory_command mount_command
  filesystem_to_fstab_command contract monthly_price long_term auto_rental_extension ip instance_type status os_volume_id hostname
  instance_template instance_model number_of_cores number_of_gpus
`

const { status } = lifecycle.domain

/** What Verda's answers may hold, as far as this adapter and Verda's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  { path: /\/instances$/, schema: z.array(Instance), unused, words: { "[].status": status } },
  { path: /\/instances\/[^/]+$/, schema: Instance, unused, words: { status } },
  { path: /\/instance-types$/, schema: z.array(InstanceType), unused },
  { path: /\/instance-availability$/, schema: z.array(Availability), unused },
  { path: /\/locations$/, schema: z.array(Location), unused },
  { path: /\/images$/, schema: z.array(Image), unused },
  { path: /\/volumes$/, schema: z.array(Volume), unused }
]
