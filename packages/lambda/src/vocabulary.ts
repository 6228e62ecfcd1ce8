import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { FileSystem, Image, Instance, SshKey, TypeRow } from "./wire.ts"

/** Source: Lambda Cloud API 1.10.0, Instance, Image and Filesystem. */
const unused = `
  file_system_mounts mount_point file_system_id jupyter_token jupyter_url migrate rebuild cold_reboot terminate reason_code
  reason_description is_reserved created_time updated_time created created_by email status
`

const { status } = lifecycle.domain

const listOf = (row: z.ZodType) => z.object({ data: z.array(row) })

/** What Lambda's answers may hold, as far as this adapter and Lambda's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  { path: /\/instance-types$/, schema: z.object({ data: z.record(z.string(), TypeRow) }), unused },
  { path: /\/instances$/, schema: listOf(Instance), unused, words: { "data[].status": status } },
  { path: /\/instances\/[^/]+$/, schema: z.object({ data: Instance }), unused, words: { "data.status": status } },
  { path: /\/images$/, schema: listOf(Image), unused },
  { path: /\/ssh-keys$/, schema: listOf(SshKey), unused },
  { path: /\/file-systems$/, schema: listOf(FileSystem), unused }
]
