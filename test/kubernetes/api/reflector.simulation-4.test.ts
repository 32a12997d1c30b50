import { testSeeds } from './simulation-seeds.ts'

testSeeds(1501, 500)
