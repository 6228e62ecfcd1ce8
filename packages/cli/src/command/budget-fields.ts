import { fields } from "@anygpu/operations"

/** The options of a budget: the same wherever something is rented. */
export const budgetFields = fields({
  budget: {
    type: "name",
    description: "count it in this budget, with all launches under the name; its limits stand in the config file"
  },
  maxPerDay: {
    ...{ type: "money", sets: ["spendLimit.perDay"] },
    description: "what all launches of the budget may cost in each day of UTC"
  },
  maxPerMonth: {
    ...{ type: "money", sets: ["spendLimit.perMonth"] },
    description: "what they may cost in each calendar month of UTC"
  }
})
