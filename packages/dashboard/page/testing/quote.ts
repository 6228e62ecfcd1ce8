const usd = (amount: string) => ({ amount, currency: "USD" as const })

/** What `quote` answers for an offer. */
export const quoteOf = (ref: string) => {
  const [provider, kind, id] = ref.split("/")
  return {
    quote: {
      offer: {
        ref,
        provider,
        kind,
        id,
        gpu: null,
        location: { country: "FI", region: null, native: null },
        interruptible: false
      },
      job: { seconds: 10_800, startAt: null, storageMiB: null, egressGiB: null, ingressGiB: null },
      cost: {
        ...{ total: usd("0.47"), upfront: usd("0"), refundable: usd("0"), perHour: usd("0.16"), exact: false },
        ...{ lines: [{ item: "compute", amount: usd("0.47"), note: "3 hours" }], assumptions: ["the disk is assumed"] }
      },
      ...{
        diskMiB: 40_960,
        perHour: usd("0.16"),
        next: [],
        maxTotal: usd("0.6"),
        maxPerHour: usd("0.2"),
        ttlSeconds: 10_800
      }
    },
    machine: null
  }
}
