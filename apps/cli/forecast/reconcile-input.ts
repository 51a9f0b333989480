import { RECONCILIATION_METHODS } from '#forecasting';
import { z } from 'zod';

const MAX_NODES = 500;
const MAX_INSTANTS = 10_000;

const id = z.string().min(1).max(200);
const values = z.array(z.number()).min(1).max(MAX_INSTANTS);

/** Input of `forecast reconcile`. */
export const reconcileInput = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        id,
        parent: id.optional().describe('absent of the one node that everything is part of'),
      }),
    )
    .min(1)
    .max(MAX_NODES),
  base: z.record(id, values).describe('forecasts of each node, by id, of the same instants'),
  residuals: z
    .record(id, values)
    .optional()
    .describe(
      'past errors of each node (actual − base forecast), by id, of the same instants; wls and mint need them',
    ),
  method: z
    .enum(RECONCILIATION_METHODS)
    .describe(
      'bottom-up, ols (all nodes alike), wls (by variances of residuals), mint (by their shrunk covariance)',
    ),
});

export type ReconcileInput = z.infer<typeof reconcileInput>;
