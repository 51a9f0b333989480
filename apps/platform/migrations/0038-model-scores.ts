import type { Migration } from '#persistence';

/** Pinball loss beside error and coverage, what one liar cannot move, over which organisations; how soon drift may train again. */
export const modelScoresMigration: Migration = {
  name: '0038-model-scores',
  statements: [
    'ALTER TABLE model_score ADD pinball double precision',
    'ALTER TABLE model_day_score ADD pinball double precision',
    'ALTER TABLE model_day_score ADD typical_mase double precision',
    "ALTER TABLE model_day_score ADD panel uuid[] NOT NULL DEFAULT '{}'",
    'ALTER TABLE model_day_score ALTER panel DROP DEFAULT',
    'CREATE INDEX ON model_day_score (model_hash, day)',
    'ALTER TABLE model_retraining ADD least_gap_days integer NOT NULL DEFAULT 7',
    'ALTER TABLE model_retraining ALTER least_gap_days DROP DEFAULT',
  ],
};
