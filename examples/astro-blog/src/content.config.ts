import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

const posts = defineCollection({
  loader: glob({ base: './src/content/posts', pattern: '**/*.md' }),
  schema: ({ image }) =>
    z.object({
      title: z.string().min(1),
      published: z.date(),
      description: z.string().optional().describe('A sentence or two for lists and feeds'),
      tags: z.array(z.string()).default([]),
      first_level_category: z.string().describe('The shelf'),
      second_level_category: z.string().describe('The board on the shelf'),
      author: z.string().optional(),
      draft: z.boolean().default(false).describe('Kept out of the site'),
      cover: image().optional().describe('A picture beside the post'),
      sourceLink: z.string().url().optional(),
      licenseName: z.string().optional(),
      licenseUrl: z.string().url().optional(),
      readingMetadata: z.object({ time: z.number(), wordCount: z.number() }).partial().optional(),
    }),
});

export const collections = { posts };
