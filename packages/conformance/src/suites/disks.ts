import { attempt, existing, type LaunchSpec, type Offer, type Volume } from "@anygpu/core"
import { exist, refusedUnsent, unreadable } from "../asserts.ts"
import { check, fail, notApplicable, same } from "../check.ts"
import { checkMoney } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TrueDisk } from "../harness.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("disks")
const listed = { ops: ["volumes"], needs: ["addDisk"] } as const
const attached = { ops: ["volumes"], options: ["attach"], needs: ["addDisk"] } as const

const volumesOf = (context: TestContext) => attempt(context.provider, "volumes")

const truthOf = (context: TestContext): ReadonlyArray<TrueDisk> =>
  context.world.disks?.() ?? fail("a world with the control addDisk says which disks there are")

const diskOf = (context: TestContext, id: string): TrueDisk =>
  truthOf(context).find((disk) => disk.id === id) ?? fail(`the disk ${id} is gone`)

/** Offers with a price that can be had, the cheapest first, each with a disk where it can have one. */
const offersOf = async (context: TestContext): Promise<ReadonlyArray<Offer>> => {
  const { items } = await context.ok(context.provider.offers())
  return items.filter(({ pricePerHour, availability }) => pricePerHour !== null && availability !== "unavailable")
}

/** An offer that can have a disk, and a disk for it: as `volumes()` shows it. */
const withDisk = async (context: TestContext): Promise<{ readonly offer: Offer; readonly disk: Volume }> => {
  for (const offer of await offersOf(context)) {
    const id = await context.control("addDisk")(offer)
    if (id === null) continue
    const { items } = await context.ok(volumesOf(context))
    const disk = items.find((one) => one.id === id) ?? fail(`the disk ${id} is not among those of the account`)
    return { offer, disk }
  }
  return notApplicable("no offer of this kind can have a disk")
}

const makesNothing = async (context: TestContext, spec: LaunchSpec): Promise<void> => {
  await context.fails(context.provider.launch(spec))
  exist(context, 0, "without the disk that was asked for")
}

const idsOf = (disks: ReadonlyArray<{ readonly id: string }>) => disks.map(({ id }) => id).toSorted()

/** What an hour of a disk costs, against what is charged for it: rounded up to a millionth, and never made up. */
const samePrice = ({ id, pricePerHour }: Volume, { perHour }: TrueDisk): void => {
  same(pricePerHour === null, perHour === null, `whether nobody knows what the disk ${id} costs`)
  if (perHour === null || pricePerHour === null) return
  checkMoney(pricePerHour, `the price of the disk ${id}`)
  const off = pricePerHour.micros - perHour * 1e6
  check(off > -0.001 && off <= 1, `the disk ${id} costs ${perHour} an hour, and ${pricePerHour.micros} micros are said`)
}

/** Disks that outlive machines: what is said of them, and what becomes of those that a launch names. */
export const diskSuite: ReadonlyArray<Entry> = [
  test(
    "every disk is listed once, with its place and with what it costs",
    async (context) => {
      const { offer } = await withDisk(context)
      for (let count = 0; count < 3; count++) await context.control("addDisk")(offer)
      const { items, complete } = await context.ok(volumesOf(context))
      check(complete, "the list of disks should be complete")
      same(idsOf(items), idsOf(truthOf(context)), "the disks on the list")
      for (const disk of items) {
        const truth = diskOf(context, disk.id)
        same(disk.location.region, truth.region, `the place of the disk ${disk.id}`)
        samePrice(disk, truth)
      }
    },
    listed
  ),
  test(
    "a list of disks that cannot be read never looks empty",
    async (context) => {
      await withDisk(context)
      const undo = context.control("readsFail")(Number.POSITIVE_INFINITY)
      await unreadable(context, volumesOf(context))
      undo()
    },
    { ...listed, needs: ["addDisk", "readsFail"] }
  ),
  test(
    "a machine gets the disk that its launch names, and the list says so",
    async (context) => {
      const { offer, disk } = await withDisk(context)
      const spec = { ...context.world.spec(offer), attach: [existing(disk)] }
      const { ref } = await context.ok(context.provider.launch(spec))
      same(diskOf(context, disk.id).holders, [ref.id], "the machines that truly have the disk")
      // Some clouds name the disks of machines, and not the machines of disks: then it is as new as the list of machines.
      await context.mature()
      const { items } = await context.ok(volumesOf(context))
      const { attachedTo } = items.find(({ id }) => id === disk.id) ?? fail("the disk is not on the list")
      if (attachedTo !== null) same(attachedTo, [ref.id], "the machines that are said to have it")
    },
    attached
  ),
  test(
    "a disk in another place than the offer is refused before any request",
    async (context) => {
      const { offer, disk } = await withDisk(context)
      const attach = [{ ...existing(disk), region: "another-place-1" }]
      const launch = context.provider.launch({ ...context.world.spec(offer), attach })
      const { issues } = await refusedUnsent(context, launch, "InvalidRequest")
      check(
        issues.some(({ path }) => path.startsWith("attach")),
        "the error does not name the disk"
      )
      exist(context, 0, "after a refusal")
    },
    attached
  ),
  test(
    "a disk whose place a launch does not say is the machine's, or nothing is made",
    async (context) => {
      const { offer, disk } = await withDisk(context)
      const others = await offersOf(context)
      const elsewhere = others.find(({ location: { region } }) => region !== null && region !== offer.location.region)
      if (!elsewhere) return notApplicable("this cloud has offers in one place only")
      const attach = [{ ...existing(disk), region: null }]
      await makesNothing(context, { ...context.world.spec(elsewhere), attach })
    },
    attached
  ),
  test(
    "a disk that the account has not makes nothing",
    async (context) => {
      const { offer, disk } = await withDisk(context)
      const attach = [
        { ...existing(disk), id: disk.id.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (last) => (last === "0" ? "1" : "0")) }
      ]
      await makesNothing(context, { ...context.world.spec(offer), attach })
    },
    attached
  ),
  test(
    "a disk outlives the machine that had it, also where new ones are deleted, and is named",
    async (context) => {
      const { offer, disk } = await withDisk(context)
      const options = context.provider.deletesVolumes ? ([{}, { volumes: "delete" }] as const) : ([{}] as const)
      for (const more of options) {
        const spec = { ...context.world.spec(offer), attach: [existing(disk)] }
        const { ref } = await context.ok(context.provider.launch(spec))
        await context.reaches(ref, "running")
        const { leftovers } = await context.ok(context.provider.terminate(ref, more))
        const { holders, perHour } = diskOf(context, disk.id)
        same(holders, [], "the machines that have the disk")
        const isNamed = leftovers.some((sentence) => sentence.includes(disk.id))
        if (perHour !== null) check(isNamed, `the disk ${disk.id} costs on, and is not named`)
      }
    },
    attached
  )
]
