import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import type { GraphqlContext } from '../pipeline/graphql.options.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { originOf } from '../pipeline/plain-http.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { DataOffer, DataSetVersion } from './catalogue.entities.ts';
import { CatalogueDcat } from './catalogue-dcat.service.ts';
import { CatalogueReader } from './catalogue-reader.service.ts';
import {
  AddDataSetVersionInput,
  CreateDataSetInput,
  DataOfferConnection,
  DataOfferType,
  DataSetConnection,
  DataSetDraftInput,
  DataSetFacetType,
  DataSetFilter,
  DataSetsArgs,
  DataSetType,
  DataSetVersionConnection,
  DataSetVersionType,
  OfDataSetArgs,
  OfferDataSetInput,
  toDataSet,
} from './catalogue.types.ts';
import { toTerms } from './policy-terms.ts';
import { PublisherService } from './publisher.service.ts';

const ID_ARG = { type: () => ID } as const;

@Resolver()
export class CatalogueResolver {
  constructor(
    private readonly publisher: PublisherService,
    private readonly reader: CatalogueReader,
    private readonly dcat: CatalogueDcat,
  ) {}

  @Mutation(() => DataSetType, { description: 'A draft, seen by its publisher alone. Role: firm.' })
  async createDataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateDataSetInput,
  ): Promise<DataSetType> {
    return toDataSet(await this.publisher.create(principal, input));
  }

  @Mutation(() => DataSetType, { description: 'Describes a draft anew. Role: firm.' })
  async updateDataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
    @Args('input') input: DataSetDraftInput,
  ): Promise<DataSetType> {
    return toDataSet(await this.publisher.update(principal, id, input));
  }

  @Mutation(() => DataSetType, {
    description:
      'Shows a draft with an offer to everybody; from now on its description is fixed. Role: firm.',
  })
  async listDataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
  ): Promise<DataSetType> {
    return toDataSet(await this.publisher.list(principal, id));
  }

  @Mutation(() => DataSetType, { description: 'Takes a listed data set out of the catalogue. Role: firm.' })
  async retireDataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
  ): Promise<DataSetType> {
    return toDataSet(await this.publisher.retire(principal, id));
  }

  @Mutation(() => DataSetVersionType, {
    description: 'Another state of an own data set, after the one before. Role: firm.',
  })
  async addDataSetVersion(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: AddDataSetVersionInput,
  ): Promise<DataSetVersionType> {
    return toVersion(await this.publisher.addVersion(principal, input));
  }

  @Mutation(() => DataOfferType, {
    description: 'Terms and price of an own data set; terms that can never hold are refused. Role: firm.',
  })
  async offerDataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OfferDataSetInput,
  ): Promise<DataOfferType> {
    return toOffer(await this.publisher.offer(principal, input));
  }

  @Mutation(() => DataOfferType, { description: 'Of an own offer; agreements stand. Role: firm.' })
  async withdrawDataOffer(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
  ): Promise<DataOfferType> {
    return toOffer(await this.publisher.withdraw(principal, id));
  }

  @Query(() => DataSetConnection, { description: 'Listed data sets, newest first.' })
  async dataSets(
    @CurrentPrincipal() principal: Principal,
    @Args() args: DataSetsArgs,
  ): Promise<Connection<DataSetType>> {
    return nodes(await this.reader.list(principal, args), toDataSet);
  }

  @Query(() => [DataSetFacetType], {
    description: 'How many of the listed data sets asked for have each value.',
  })
  dataSetFacets(
    @CurrentPrincipal() principal: Principal,
    @Args() filter: DataSetFilter,
  ): Promise<DataSetFacetType[]> {
    return this.reader.facets(principal, filter);
  }

  @Query(() => DataSetConnection, { description: 'The own ones, drafts and retired ones too.' })
  async ownDataSets(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<DataSetType>> {
    return nodes(await this.reader.own(principal, page), toDataSet);
  }

  @Query(() => DataSetType)
  async dataSet(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
  ): Promise<DataSetType> {
    return toDataSet(await this.reader.get(principal, id));
  }

  @Query(() => JsonScalar, {
    description: 'A data set as JSON-LD of DCAT-AP 3, as GET /catalogue.jsonld tells all that are listed.',
  })
  dataSetDcat(
    @CurrentPrincipal() principal: Principal,
    @Args('id', ID_ARG) id: string,
    @Context() { req }: GraphqlContext,
  ): Promise<object> {
    return this.dcat.get(principal, id, originOf(req));
  }

  @Query(() => DataSetVersionConnection, { description: 'Newest first.' })
  async dataSetVersions(
    @CurrentPrincipal() principal: Principal,
    @Args() args: OfDataSetArgs,
  ): Promise<Connection<DataSetVersionType>> {
    return nodes(await this.reader.versions(principal, args), toVersion);
  }

  @Query(() => DataOfferConnection, {
    description:
      'What a data set is offered for; who enforces each of the terms. What the own organisation has agreed to is there also when it is offered no more.',
  })
  async dataOffers(
    @CurrentPrincipal() principal: Principal,
    @Args() args: OfDataSetArgs,
  ): Promise<Connection<DataOfferType>> {
    return nodes(await this.reader.offers(principal, args), toOffer);
  }
}

const nodes = <T, U>({ edges, pageInfo }: Connection<T>, to: (node: T) => U): Connection<U> => ({
  edges: edges.map(({ cursor, node }) => ({ cursor, node: to(node) })),
  pageInfo,
});

const toVersion = ({ startsAt, endsAt, ...fields }: DataSetVersion): DataSetVersionType => ({
  ...fields,
  start: startsAt,
  end: endsAt,
});

const toOffer = ({ tenantId, ...fields }: DataOffer): DataOfferType => ({
  ...fields,
  organisationId: tenantId,
  terms: toTerms(fields.policy),
});
