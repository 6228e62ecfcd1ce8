/** What a cloud's documents say of its prices: as its API would answer. The file `prices.ts` of its folder in `tools/clouds`. */
export interface DocumentedPrices {
  /** The name of the cloud in refs. */
  readonly cloud: string
  /** Where the prices stand, and when they were read. */
  readonly sources: ReadonlyArray<string>
  /** What each route answers: `GET /path`. */
  readonly answers: Readonly<Record<string, unknown>>
}
/** The documented prices of every cloud that has some, in the order of the list of clouds. */
export declare const documentedPrices: () => Promise<ReadonlyArray<DocumentedPrices>>
/** The clouds, answering what their documents say after so many milliseconds, each by its own adapter. No request leaves the process. */
export declare const documentedClouds: (
  all: ReadonlyArray<DocumentedPrices>,
  latency?: (cloud: string) => number
) => Promise<
  import("../../packages/sdk/src/index.ts").Cloud<
    string,
    Readonly<Record<string, import("../../packages/sdk/src/index.ts").AnyProvider>>,
    unknown
  >[]
>
/** A client of them. */
export declare const documentedGpu: (
  all: ReadonlyArray<DocumentedPrices>
) => Promise<
  import("../../packages/sdk/src/index.ts").GpuClient<
    import("../../packages/sdk/src/index.ts").Cloud<
      string,
      Readonly<Record<string, import("../../packages/sdk/src/index.ts").AnyProvider>>,
      unknown
    >[]
  >
>
//# sourceMappingURL=documented.d.ts.map
