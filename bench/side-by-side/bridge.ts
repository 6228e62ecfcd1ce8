import type { World } from "@anygpu/conformance"
import {
  type AnyProvider,
  CurrentLedger,
  clockFrom,
  decimalOf,
  formatMoney,
  type Instance,
  InstanceRef,
  type LaunchSpec,
  memoryLedger,
  money,
  type Offer,
  type Status
} from "@anygpu/core"
import type { CloudProvider, InstanceSpec, Instance as TheirInstance } from "@profullstack/sh1pt-core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { bridgedName, bridgedTitle, secretName } from "./world.ts"

const statuses: Readonly<Record<Status, TheirInstance["status"]>> = {
  pending: "provisioning",
  provisioning: "provisioning",
  starting: "provisioning",
  running: "running",
  stopping: "stopped",
  stopped: "stopped",
  interrupted: "stopped",
  terminating: "destroyed",
  terminated: "destroyed",
  failed: "failed",
  // It has no word for what nobody documents.
  unknown: "provisioning"
}

const instanceOf = ({
  ref,
  status,
  billing,
  pricePerHour: price,
  createdAt,
  endpoints,
  observedAt
}: Instance): TheirInstance => ({
  id: ref.id,
  kind: "gpu",
  status: statuses[status],
  createdAt: new Date((createdAt ?? observedAt).epochMilliseconds).toISOString(),
  hourlyRate: price && billing === "compute" ? Number(decimalOf(price)) : 0,
  currency: price?.currency ?? "USD",
  ...(endpoints.ssh[0] && { publicIp: endpoints.ssh[0].host })
})

const priceOf = ({ id, pricePerHour: price }: Offer) => {
  if (!price) throw new Error(`nobody knows what ${id} costs`)
  return price
}

/**
 * One of our providers behind the interface of `@profullstack/sh1pt-core`, so that its contract tests can be run over a
 * broken one: what a method needs is asked of the provider and nothing is corrected on the way.
 *
 * - `maxHourlyPrice` bounds what is rented and not a dry run: its tests want a dry run above it to succeed.
 */
export const bridge = (world: World, mutate: (provider: AnyProvider) => AnyProvider): CloudProvider => {
  const [clock, ledger] = [clockFrom(world.time), memoryLedger()]
  const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(Clock.Clock, clock), Effect.provideService(CurrentLedger, ledger))
    )
  const providerOf = ({ secret }: { readonly secret: (name: string) => string | undefined }): AnyProvider => {
    const key = secret(secretName)
    if (!key) throw new Error(`${secretName} not in vault — run \`sh1pt secret set ${secretName}\``)
    return mutate(world.connect(key))
  }
  const machinesOf = async (provider: AnyProvider): Promise<ReadonlyArray<Instance>> => {
    const { items, complete, problems } = await run(provider.list())
    if (!complete) throw new Error(`the list is incomplete: ${problems[0]?.error.message}`)
    return items
  }
  const offerFor = async (provider: AnyProvider, { gpu }: InstanceSpec): Promise<Offer> => {
    const [offer] = await run(provider.offers(gpu && { gpu: gpu.model, gpuCount: gpu.count }))
    if (!offer) throw new Error("nothing is offered")
    return offer
  }
  const refOf = ({ provider, kind }: AnyProvider, id: string) => new InstanceRef(provider, kind, id)

  return {
    id: `cloud-${bridgedName}`,
    label: bridgedTitle,
    supports: ["gpu"],
    connect: async (ctx) => {
      await machinesOf(providerOf(ctx))
      return { accountId: "account" }
    },
    quote: async (ctx, spec) => {
      const offer = await offerFor(providerOf(ctx), spec)
      const price = priceOf(offer)
      const hourly = Number(decimalOf(price))
      const { id: sku, provider, interruptible: spot } = offer
      return { hourly, monthly: hourly * 730, currency: price.currency, provider, sku, spot }
    },
    provision: async (ctx, spec) => {
      const provider = providerOf(ctx)
      const offer = await offerFor(provider, spec)
      const price = priceOf(offer)
      if (ctx.dryRun) {
        ctx.log(`would rent ${offer.id} for ${formatMoney(price)} an hour`)
        return {
          ...{ id: "dry-run", kind: "gpu", status: "provisioning", createdAt: new Date(0).toISOString() },
          ...{ hourlyRate: Number(decimalOf(price)), currency: price.currency }
        }
      }
      const launch: LaunchSpec = {
        ...{ offer, name: spec.tags?.[0] ?? "training", image: spec.image ?? "ubuntu:22.04" },
        ...(spec.maxHourlyPrice !== undefined && { maxPerHour: money(spec.maxHourlyPrice, price.currency) })
      }
      return instanceOf(await run(provider.launch(launch)))
    },
    list: async (ctx) => (await machinesOf(providerOf(ctx))).map(instanceOf),
    destroy: async (ctx, id) => {
      const provider = providerOf(ctx)
      await run(provider.terminate(refOf(provider, id)))
    },
    status: async (ctx, id) => {
      const provider = providerOf(ctx)
      return instanceOf(await run(provider.get(refOf(provider, id))))
    }
  }
}
