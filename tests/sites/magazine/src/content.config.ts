import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';

const articles = defineCollection({
  loader: glob({ base: './src/contents/posts', pattern: '**/*.md' }),
  schema: z.object({
    headline: z.string().max(80),
    title: z.string(),
    pubDate: z.coerce.date(),
    excerpt: z.string(),
    section: z.enum(['Essays', 'Reviews', 'Letters']),
    keywords: z.array(z.string()).optional(),
    rating: z.number().int().min(1).max(5).optional(),
    isDraft: z.boolean().optional(),
  }),
});

export const collections = { articles };
