import { testSeeds } from './simulation-seeds.ts'

testSeeds(501, 500)
