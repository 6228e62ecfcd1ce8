import { countField, decimalField, lenient, textField, timeOf, wholeField } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * The wire: requests strict, answers only as far as they are used, with every field that no document promises nullish,
 * every enum open, and numbers also as texts of digits.
 */

const text = z.string().nullish()
const flag = z.boolean().nullish()

const digits = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
const amount = z.union([countField, digits.pipe(countField)]).nullish()
const whole = z.union([wholeField, digits.pipe(wholeField)]).nullish()
const price = decimalField.nullish()
const time = textField("time", timeOf).nullish()

const Meta = z.object({
  total: amount,
  has_more: flag,
  next_cursor: z.union([z.string(), z.number().transform(String)]).nullish()
})

const rows = z.array(z.unknown()).nullable()

/**
 * A list, in both documented shapes: `{ data: { data: [...], meta } }` and `{ data: [...], meta }`.
 *
 * - Null is an empty list; an answer without `data` is unreadable, and never an empty account.
 * - Rows stay unknown here: they are decoded one by one, so that one bad row costs only itself.
 */
export const Page = z.union([
  z
    .object({ data: z.object({ data: rows, meta: Meta.nullish() }) })
    .transform(({ data }) => ({ rows: data.data ?? [], meta: data.meta ?? {} })),
  z.object({ data: rows, meta: Meta.nullish() }).transform(({ data, meta }) => ({ rows: data ?? [], meta: meta ?? {} }))
])
export type Page = z.infer<typeof Page>

/** The `data` of an answer. */
const dataOf = <A extends z.ZodType>(schema: A) =>
  z.object({ data: schema }).transform((answer) => (answer as { readonly data: z.output<A> }).data)

/** The items of a list that is read as a whole. */
const listOf = <A extends z.ZodType>(schema: A) => Page.transform((page) => page.rows).pipe(z.array(schema))

/** An answer whose content is not documented, and may be empty. */
export const Anything = z.unknown()
export const AnyData = dataOf(z.unknown())
export const AnyList = listOf(z.unknown())

/** What offers and deployments say alike of what they are made of. GB, of memory per GPU and of the whole machine. */
const hardware = {
  gpu_model: text,
  gpu_count: whole,
  gpu_vram_gb: amount,
  vcpu_count: amount,
  ram_gb: amount,
  price_per_hr: price,
  currency: text
}

/** A place: an object on the reference page, its bare code in the guide. */
const Region = z.union([z.string(), z.object({ code: z.string(), name: text, country_code: text })])

/** One type of machine that can be rented, in all its places. */
export const Offer = z.object({
  /** What a deploy takes as `cluster_type`. */
  instance_type: z.string().min(1),
  ...hardware,
  is_available: flag,
  regions: z.array(Region).nullish()
})
export type Offer = z.infer<typeof Offer>

/** One machine. The status is an open text: a new word must not break a list. */
export const Deployment = z.object({
  id: z.string().min(1),
  provider_id: text,
  hostname: text,
  cluster_type: text,
  location: text,
  status: text,
  ip: text,
  ssh_user: text,
  /** The id of the image, and the name of the system that it holds. */
  image: text,
  os_name: text,
  ssh_key_ids: z.array(z.string()).nullish(),
  description: text,
  specs: z.object({ ...hardware, total_vram_gb: amount }).nullish(),
  /** What an entry holds is in no document: the example of an answer has none. */
  volumes: z.array(z.unknown()).nullish(),
  created_at: time,
  updated_at: text
})
export type Deployment = z.infer<typeof Deployment>

export const OneDeployment = dataOf(lenient(Deployment))

/** After an action: the deployment as the reference page shows it, or null for an answer of another or no content. */
export const ActionAnswer = z.union([OneDeployment, z.unknown().transform(() => null)])

export const Availability = dataOf(lenient(z.object({ cluster_type: text, is_available: flag }), null))

/** A debt is a number below zero. */
const credit = z
  .union([z.number(), z.string()])
  .refine((amount) => Math.abs(Number(amount)) < 9_000_000_000, { message: "is no amount of money" })
  .nullish()

export const Balance = dataOf(lenient(z.object({ balance_cents: credit, balance_usd: credit }), null))

/** Whether a text has the form of an image's id, as documented ones have. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** An OS image; no document shows more of it than that it has an id. */
export const Image = z.object({ id: z.string().min(1), name: text })
export type Image = z.infer<typeof Image>

/** An SSH key; its text does not come back. */
export const Key = z.object({ id: z.string().min(1), name: text, fingerprint: text })
export type Key = z.infer<typeof Key>
export const OneKey = dataOf(lenient(Key))

/** A disk; `instance_id` is a deployment's id or its `provider_id`, no document says which. */
export const Volume = z.object({
  id: z.string().min(1),
  instance_id: text,
  name: text,
  /** GB. */
  size: amount,
  status: text,
  is_os_volume: flag,
  base_hourly_cost: price,
  currency: text
})
export type Volume = z.infer<typeof Volume>

export const OneVolume = dataOf(lenient(Volume))

export const WaitlistRequest = dataOf(
  z.object({ id: z.string(), cluster_type: text, location: text, status: text, auto_deploy: flag })
)

const WebhookRow = z.object({
  id: z.string(),
  url: text,
  /** Only when it is made. */
  secret: text,
  events: z.array(z.string()).nullish(),
  is_active: flag
})
export const Webhook = dataOf(WebhookRow)
export const Webhooks = listOf(WebhookRow)

const ApiKeyRow = z.object({
  id: z.string(),
  name: text,
  prefix: text,
  /** Only when it is made. */
  secret: text
})
export const ApiKey = dataOf(ApiKeyRow)
export const ApiKeys = listOf(ApiKeyRow)

export const OffersQuery = z.strictObject({
  gpu_model: z.string().optional(),
  /** True unless false is sent. */
  available_only: z.boolean().optional(),
  /** USD per hour. */
  max_price: z.number().positive().optional(),
  /** GB of all GPUs together. */
  min_vram: z.number().positive().optional(),
  sort_by: z.enum(["price", "vram", "gpu_count", "gpu_model"]).optional(),
  sort_order: z.enum(["asc", "desc"]).optional(),
  /** 6 unless sent. */
  limit: z.number().int().min(1).max(100).optional(),
  page: z.number().int().min(1).optional()
})

export const ImagesQuery = z.strictObject({ cluster_type: z.string().optional(), image_type: z.string().optional() })

export const DeploymentsQuery = z.strictObject({
  status: z.string().optional(),
  cursor: z.string().optional(),
  limit: z.number().int().min(1).optional()
})

export const VolumesQuery = z.strictObject({ status: z.string().optional(), cursor: z.string().optional() })

/** Everything that a deploy may say. */
export const DeployBody = z.strictObject({
  cluster_type: z.string().min(1),
  image: z.string().min(1),
  hostname: z.string().min(1).max(255),
  ssh_key_ids: z.array(z.string().min(1)).min(1),
  location: z.string().min(1),
  description: z.string().optional(),
  /** GB: 50 without it, 512 at most. */
  os_volume: z.strictObject({ name: z.string(), size: z.number().int().positive().max(512) }).optional(),
  volumes: z.array(z.strictObject({ name: z.string(), size: z.number().int().positive(), type: z.string() })).optional()
})
export type DeployBody = z.infer<typeof DeployBody>

export const ActionBody = z.strictObject({ action: z.string().min(1) })

export const WaitlistBody = z.strictObject({
  cluster_type: z.string().min(1),
  /** Any place without it. */
  location: z.string().optional(),
  /** Rents by itself when there is capacity, and spends money with no further call. */
  auto_deploy: z.boolean().optional(),
  config: z
    .strictObject({
      hostname: z.string().min(1).max(255).optional(),
      image: z.string().optional(),
      ssh_key_ids: z.array(z.string()).optional(),
      location: z.string().optional()
    })
    .optional()
})

export const KeyBody = z.strictObject({ name: z.string().min(1), public_key: z.string().min(1) })

export const VolumeBody = z.strictObject({
  name: z.string().min(1),
  /** GB. */
  size: z.number().int().positive(),
  type: z.string().min(1),
  location: z.string().min(1),
  instance_id: z.string().optional(),
  instance_ids: z.array(z.string()).optional()
})

export const WebhookBody = z.strictObject({ url: z.string().min(1), events: z.array(z.string()).min(1) })

/** Only what changes: `is_active: true` would turn a webhook on again. */
export const WebhookUpdate = WebhookBody.extend({ is_active: z.boolean() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, { message: "needs a url, events or is_active" })

export const ApiKeyBody = z.strictObject({ name: z.string().min(1).optional() })
