/** Where the declarations of single sources stand, in the folder of the package. */
export declare const declarations: string

/** The conditions by which the package of a folder is read. */
export declare function conditionsOf(folder: string): string[]
