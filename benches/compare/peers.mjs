// Peers for Node: reads the workloads, writes one line of JSON for each.

import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ANSWERS = { Allowed: 'allowed', ExplicitlyDenied: 'explicitly-denied', ImplicitlyDenied: 'implicitly-denied' }

for (const workload of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const policies = workload.policies.map((text, at) => ({ name: `policy-${at}`, policy: JSON.parse(text) }))
  const simulations = workload.asks.map((ask) => ({
    identityPolicies: policies,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    request: {
      action: ask.action,
      principal: ask.principal,
      resource: { resource: ask.resource, accountId: '111122223333' },
      contextVariables: ask.context,
    },
  }))
  const ask = async (simulation) => {
    const response = await runSimulation(simulation, {})
    return ANSWERS[response.overallResult] ?? `refused: ${response.errors?.message}`
  }
  const answers = []
  for (const simulation of simulations) answers.push(await ask(simulation))
  // Until the compiler is warm, then for a second.
  let asked = 0
  let begin = performance.now()
  for (const phase of [300, 1000]) {
    asked = 0
    begin = performance.now()
    while (performance.now() - begin < phase) {
      for (const simulation of simulations) await ask(simulation)
      asked += simulations.length
    }
  }
  const nanoseconds = ((performance.now() - begin) * 1e6) / asked
  console.log(JSON.stringify({ peer: '@cloud-copilot/iam-simulate 0.1.173', workload: workload.name, nanoseconds, answers }))
}
