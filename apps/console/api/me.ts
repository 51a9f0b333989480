import { graphql } from '../generated/gql.ts';

/** Who signed in. */
export const ME = graphql(`
  query Me {
    me {
      id
      roles
      organisation {
        id
        name
      }
    }
  }
`);
