/** What a file of that name holds in the folder of each cloud that has one, in the order of the list of clouds. */
export declare const readEach: <A>(file: string) => Promise<ReadonlyArray<A>>
//# sourceMappingURL=read.d.ts.map
