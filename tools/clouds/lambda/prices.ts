import types from "../../../packages/lambda/src/fixtures/types.json" with { type: "json" }
import type { DocumentedPrices } from "../../docs/documented.ts"

const regions = [{ name: "us-east-1", description: "Virginia, USA" }]

/** Lambda's prices; each type is taken to be had somewhere, since the price does not depend on the place. */
export const prices: DocumentedPrices = {
  cloud: "lambda",
  sources: ["Lambda Cloud API, instance types as recorded in December 2025"],
  answers: {
    "GET /api/v1/instance-types": {
      data: Object.fromEntries(
        Object.entries(types.data).map(([name, row]) => [name, { ...row, regions_with_capacity_available: regions }])
      )
    }
  }
}
